// As much of WebDriver (https://www.w3.org/TR/webdriver2/) as the pictures need, spoken with chromedriver.

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

import { Child, freePorts } from "./child.mjs";

// The width of every picture; an A4 page has 794.
const WIDTH = 800;
// Room around what a picture shows.
const MARGIN = 14;
// Pages are flat: more colours than these make a file larger, and nothing nicer.
const COLOURS = 48;
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

export class Driver {
  #child;
  #address;
  #folder;
  #browsers = [];

  static async start(folder) {
    const driver = new Driver();
    const port = await freePorts(1);
    driver.#address = `http://127.0.0.1:${port}`;
    driver.#folder = folder;
    driver.#child = await Child.start("chromedriver", [`--port=${port}`], /started successfully/);
    return driver;
  }

  // A person's own browser, so many CSS pixels wide, that prefers Polish.
  async browser(name, width = WIDTH) {
    const args = [
      "--headless",
      // In a container, root has no other way.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--hide-scrollbars",
      "--force-color-profile=srgb",
      "--accept-lang=pl",
      `--window-size=${width},900`,
      `--user-data-dir=${join(this.#folder, name)}`,
    ];
    const capabilities = { alwaysMatch: { browserName: "chrome", "goog:chromeOptions": { args } } };
    const { sessionId } = await this.call("POST", "/session", { capabilities });
    const browser = new Browser(this, `/session/${sessionId}`, width);
    this.#browsers.push(browser);
    return browser;
  }

  async call(method, path, body) {
    const answer = await fetch(this.#address + path, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${value.error}: ${value.message.split("\n")[0]}`);
    return value;
  }

  async close() {
    // chromedriver leaves browsers behind when it ends.
    for (const browser of this.#browsers) await browser.close();
    await this.#child.close();
  }
}

class Browser {
  #driver;
  #session;
  #width;
  #isOpen = true;

  constructor(driver, session, width) {
    this.#driver = driver;
    this.#session = session;
    this.#width = width;
  }

  #call(method, path, body) {
    return this.#driver.call(method, this.#session + path, body);
  }

  #devtools(cmd, params = {}) {
    return this.#call("POST", "/goog/cdp/execute", { cmd, params });
  }

  open(url) {
    return this.#call("POST", "/url", { url });
  }

  url() {
    return this.#call("GET", "/url");
  }

  script(script, ...args) {
    return this.#call("POST", "/execute/sync", { script, args });
  }

  // Waits for it.
  async #find(selector) {
    for (const until = Date.now() + 20_000; ; await pause(100)) {
      const found = await this.#call("POST", "/elements", { using: "css selector", value: selector });
      if (found.length > 0) return found[0][ELEMENT];
      if (Date.now() > until) {
        const page = await this.script("return document.querySelector('main')?.innerText ?? ''");
        throw new Error(`there is no ${selector} at ${await this.url()}:\n${page}`);
      }
    }
  }

  async click(selector) {
    await this.#call("POST", `/element/${await this.#find(selector)}/click`, {});
  }

  async tick(selector) {
    const box = await this.#find(selector);
    if (!(await this.#call("GET", `/element/${box}/selected`))) await this.click(selector);
  }

  async type(selector, text) {
    const element = await this.#find(selector);
    await this.#call("POST", `/element/${element}/clear`, {});
    await this.#call("POST", `/element/${element}/value`, { text });
  }

  async choose(selector, label) {
    await this.#find(selector);
    const chosen = await this.script(
      `const select = document.querySelector(arguments[0]);
       const option = [...select.options].find((option) => option.text === arguments[1]);
       if (option) select.value = option.value;
       return Boolean(option);`,
      selector,
      label,
    );
    if (!chosen) throw new Error(`${selector} has no choice "${label}"`);
  }

  async texts(selector) {
    await this.#find(selector);
    const script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText.trim())";
    return this.script(script, selector);
  }

  async text(selector) {
    return (await this.texts(selector))[0];
  }

  // The address of a link, without following it.
  async href(selector) {
    await this.#find(selector);
    return this.script("return document.querySelector(arguments[0]).href", selector);
  }

  // Everything between the first and the last of these elements, over the whole width; `print` as on paper.
  async picture(file, selectors, { print = false } = {}) {
    for (const selector of selectors) await this.#find(selector);
    await this.#devtools("Emulation.setEmulatedMedia", { media: print ? "print" : "" });
    await this.#devtools("Emulation.setDeviceMetricsOverride", {
      width: this.#width,
      height: 900,
      deviceScaleFactor: 1,
      mobile: false,
    });
    const box = await this.script(
      `document.activeElement?.blur();
       const shown = arguments[0].flatMap((selector) => [...document.querySelectorAll(selector)]);
       const boxes = shown.map((one) => one.getBoundingClientRect()).filter((box) => box.height > 0);
       return {
         left: Math.min(...boxes.map((box) => box.left)),
         right: Math.max(...boxes.map((box) => box.right)),
         top: Math.min(...boxes.map((box) => box.top)) + scrollY,
         bottom: Math.max(...boxes.map((box) => box.bottom)) + scrollY,
       };`,
      selectors,
    );
    // On the screen the room at both sides belongs to the page; paper ends where it ends.
    const [left, right] = print ? [box.left - MARGIN, box.right + MARGIN] : [0, this.#width];
    const [x, y] = [Math.max(0, Math.floor(left)), Math.max(0, Math.floor(box.top) - MARGIN)];
    const [width, height] = [Math.ceil(right) - x, Math.ceil(box.bottom) + MARGIN - y];
    const clip = { x, y, width, height, scale: WIDTH / width };
    const { data } = await this.#devtools("Page.captureScreenshot", { captureBeyondViewport: true, clip });
    await writeFile(file, Buffer.from(data, "base64"));
    await promisify(execFile)("pngquant", ["--force", "--strip", "--speed=1", `--output=${file}`, COLOURS, file]);
    await this.#devtools("Emulation.setEmulatedMedia", { media: "" });
    await this.#devtools("Emulation.clearDeviceMetricsOverride");
  }

  async close() {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#call("DELETE", "");
  }
}
