//! Running other programs so that a person sees what happens, and one sentence when it fails.
use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Command, ExitCode, ExitStatus, Output, Stdio},
    sync::Mutex,
    thread,
};

/// What every task returns.
pub type Outcome<T = ()> = Result<T, Failure>;

/// Why a task stopped: one sentence that says what to do.
#[derive(Debug)]
pub struct Failure {
    /// The sentence; empty when the task has already said it.
    pub message: String,
    exit: u8,
}

impl Failure {
    /// The work went wrong: exit status 1.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            exit: 1,
        }
    }

    /// The command line was wrong: exit status 2.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            exit: 2,
        }
    }

    /// The task printed everything there is to say.
    pub fn already_said() -> Self {
        Self::new("")
    }

    /// Prints the sentence and gives the exit status.
    pub fn report(self) -> ExitCode {
        if !self.message.is_empty() {
            eprintln!("error: {}", self.message);
        }
        ExitCode::from(self.exit)
    }
}

/// Refuses any argument.
///
/// # Errors
/// A usage failure that names the first argument.
pub fn no_arguments(task: &str, args: &[String]) -> Outcome {
    match args.first() {
        Some(arg) => Err(Failure::usage(format!(
            "{task} takes no arguments, not even `{arg}`"
        ))),
        None => Ok(()),
    }
}

/// A line that starts a part of a task.
pub fn heading(text: &str) {
    println!("\n== {text}");
}

/// Runs a program with its output on ours.
///
/// # Errors
/// When it cannot be started or does not exit with 0.
pub fn run(command: &mut Command) -> Outcome {
    announce(command);
    let status = command
        .status()
        .map_err(|error| cannot_start(command, &error))?;
    check(command, status)
}

/// Runs a program and takes its output; nothing is printed.
///
/// # Errors
/// When it cannot be started. Its exit status is the caller's to judge.
pub fn capture(command: &mut Command) -> Outcome<Output> {
    command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| cannot_start(command, &error))
}

/// Runs a program and gives its standard output; nothing is printed unless it fails.
///
/// # Errors
/// When it cannot be started or does not exit with 0.
pub fn text_of(command: &mut Command) -> Outcome<String> {
    let output = capture(command)?;
    if !output.status.success() {
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
    }
    check(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program with its output on ours, and shows each line to `watch` as it goes by.
///
/// # Errors
/// When it cannot be started or does not exit with 0.
pub fn run_watched(command: &mut Command, watch: &mut (dyn FnMut(&str) + Send)) -> Outcome {
    announce(command);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .map_err(|error| cannot_start(command, &error))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let watch = Mutex::new(watch);
    thread::scope(|scope| {
        scope.spawn(|| pass_on(stdout, std::io::stdout(), &watch));
        scope.spawn(|| pass_on(stderr, std::io::stderr(), &watch));
    });
    let status = child
        .wait()
        .map_err(|error| cannot_start(command, &error))?;
    check(command, status)
}

fn pass_on(
    from: Option<impl Read>,
    mut to: impl Write,
    watch: &Mutex<&mut (dyn FnMut(&str) + Send)>,
) {
    let Some(from) = from else { return };
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        // A closed output of ours must not stop the child: what it says still has to be watched.
        let _ = to.write_all(&line).and_then(|()| to.flush());
        if let Ok(mut watch) = watch.lock() {
            watch(String::from_utf8_lossy(&line).trim_end());
        }
        line.clear();
    }
}

fn announce(command: &Command) {
    println!("$ {}", spelled(command));
}

fn check(command: &Command, status: ExitStatus) -> Outcome {
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(Failure::new(format!(
            "`{}` exited with {code}",
            spelled(command)
        ))),
        None => Err(Failure::new(format!(
            "`{}` was ended by a signal",
            spelled(command)
        ))),
    }
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot run `{}`: {error}", spelled(command)))
}

/// The command as one could type it: with the variables it sets, and a script given inline left out.
fn spelled(command: &Command) -> String {
    let mut words = Vec::new();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            words.push(format!(
                "{}={}",
                name.to_string_lossy(),
                quoted(&value.to_string_lossy())
            ));
        }
    }
    words.push(command.get_program().to_string_lossy().into_owned());
    words.extend(command.get_args().map(|arg| quoted(&arg.to_string_lossy())));
    words.join(" ")
}

fn quoted(word: &str) -> String {
    if word.contains(['\n', '\u{1f}']) {
        "…".to_owned()
    } else if word.contains(' ') {
        format!("'{word}'")
    } else {
        word.to_owned()
    }
}
