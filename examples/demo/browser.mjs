// Logs in through the page with a real Chromium, as a person would, and reads what the page says.

import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import puppeteer from 'puppeteer-core'

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
]

/** The path of a Chromium: the variable CHROMIUM, or one of the usual names in PATH. */
export function findChromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = process.env.CHROMIUM
    ? [process.env.CHROMIUM]
    : names.flatMap(name => folders.map(folder => join(folder, name)))
  return candidates.find(path => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

export async function launchChromium(executablePath) {
  return puppeteer.launch({
    executablePath,
    headless: true,
    args: FLAGS,
    // The demo ends its browser itself, together with everything else it started.
    handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false,
  })
}

/** @returns { verdict: 'accepted' | 'refused', text, checks } as the page shows them */
export async function logInThroughPage(browser, url) {
  const page = await browser.newPage()
  await page.goto(url)
  await page.waitForSelector('body[data-ready]')
  await pressAndFollow(page, '#sign-in') // to the provider
  await pressAndFollow(page, 'form button') // and back to the page
  await page.waitForSelector('#verdict[data-verdict]')
  return page.evaluate(() => {
    const verdict = document.querySelector('#verdict')
    const checks = document.querySelectorAll('#report tbody tr').length
    return { verdict: verdict.dataset.verdict, text: verdict.textContent, checks }
  })
}

async function pressAndFollow(page, selector) {
  await page.waitForSelector(selector)
  await Promise.all([page.waitForNavigation(), page.click(selector)])
}
