// A program that is started here, and ends with us.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

export class Child {
  #process;

  // Resolves when a line of its output matches `ready`; `onLine` sees every line until then.
  static async start(command, args, ready, onLine = () => {}) {
    const child = new Child();
    child.#process = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    const failed = once(child.#process, "error").then(([error]) => {
      throw error;
    });
    const started = (async () => {
      for await (const line of createInterface({ input: child.#process.stdout })) {
        onLine(line);
        if (ready.test(line)) return;
      }
      throw new Error(`${command} ended before it was ready`);
    })();
    await Promise.race([started, failed]);
    // Read on, or it stops at a full pipe.
    child.#process.stdout.resume();
    return child;
  }

  async close() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    const kill = setTimeout(() => this.#process.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(kill);
  }
}

// The first of `count` ports in a row that nobody listens on now.
export async function freePorts(count) {
  for (let first = 18_080; first < 30_000; first += count) {
    const ports = Array.from({ length: count }, (_, n) => first + n);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
  }
  throw new Error("no free ports");
}

async function isFree(port) {
  for (const host of ["127.0.0.1", "::1"]) {
    const server = createServer();
    try {
      server.listen({ port, host, exclusive: true });
      await once(server, "listening");
    } catch (error) {
      // A machine without IPv6 has nobody there either.
      if (error.code === "EADDRINUSE" || error.code === "EACCES") return false;
      continue;
    }
    server.close();
    await once(server, "close");
  }
  return true;
}
