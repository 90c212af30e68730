// `iok-id demo` in a folder of its own, with offices that have an address and hours to show.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { Child, freePorts } from "./child.mjs";

const CONFIG = `
[brand]
phone = "32 245 00 00"
[offices."Administracja nr 1 Centrum"]
address = "ul. Katowicka 1, 41-600 Świętochłowice"
phone = "32 245 00 01"
[offices."Administracja nr 2 Lipiny"]
address = "ul. Chorzowska 2, 41-605 Świętochłowice"
phone = "32 245 00 02"
[offices."Administracja nr 3 Chropaczów"]
address = "ul. Łagiewnicka 3, 41-608 Świętochłowice"
phone = "32 245 00 03"
`;

export class Demo {
  #child;
  #letters = new Map();

  static async start(program, folder) {
    const demo = new Demo();
    const port = await freePorts(3);
    demo.provider = `http://localhost:${port}`;
    demo.billing = `http://localhost:${port + 1}`;
    const config = join(folder, "demo.toml");
    await writeFile(config, CONFIG);
    const args = ["demo", "--port", String(port), "--data-dir", join(folder, "demo"), "--config", config];
    demo.#child = await Child.start(program, args, /^Press Ctrl-C/, (line) => {
      const letter = /^letter login=(\S+) initial_password=(\S+)$/.exec(line);
      if (letter) demo.#letters.set(letter[1], letter[2]);
    });
    return demo;
  }

  initialPassword(login) {
    const password = this.#letters.get(login);
    if (!password) throw new Error(`the demo has no letter for ${login}`);
    return password;
  }

  close() {
    return this.#child.close();
  }
}
