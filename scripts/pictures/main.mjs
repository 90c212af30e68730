// Opens a demo, plays the procedure in it, and closes what it opened, whatever happens.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Demo } from "./demo.mjs";
import { Driver } from "./driver.mjs";
import { play } from "./story.mjs";

const [program, pictures] = process.argv.slice(2);

const folder = await mkdtemp(join(tmpdir(), "iok-id-pictures-"));
const opened = [{ close: () => rm(folder, { recursive: true, force: true }) }];
process.exitCode = 1;
try {
  const demo = await Demo.start(program, folder);
  opened.push(demo);
  const driver = await Driver.start(folder);
  opened.push(driver);
  await play(demo, driver, pictures);
  process.exitCode = 0;
} catch (error) {
  console.error(error.stack);
} finally {
  for (const one of opened.reverse()) await one.close();
}
