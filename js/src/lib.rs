//! Glue between `idtoken` and JavaScript.
