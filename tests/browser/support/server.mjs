// A server of our own: the release binary, a fresh database, the demo class, the scripted engine.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const binary = process.env.ANAMNESIS_BIN ?? join(here, "../../../target/release/anamnesis");

/** Starts a server; `more` are further arguments. */
export async function startServer(...more) {
  const folder = await mkdtemp(join(tmpdir(), "anamnesis-browser-"));
  const database = join(folder, "anamnesis.db");
  let running = await run(database, "127.0.0.1:0", more);
  return {
    get address() {
      return running.address;
    },
    /** Kills the process without warning and starts another on the same database and address. */
    async crash() {
      const { address } = running;
      await end(running.process, "SIGKILL");
      return async () => {
        running = await run(database, new URL(address).host, more);
      };
    },
    async stop() {
      await end(running.process, "SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function run(database, address, more) {
  const process = spawn(
    binary,
    ["serve", "--demo", "--speech", "scripted", "--embedding", "none", "--address", address, "--database", database, ...more],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  return new Promise((resolve, reject) => {
    process.stderr.setEncoding("utf8");
    process.stderr.on("data", (text) => {
      said += text;
      const address = said.match(/serving\s+(http:\/\/\S+)\n/);
      if (address) resolve({ process, address: address[1] });
    });
    process.on("error", reject);
    process.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
  });
}

function end(process, signal) {
  if (process.exitCode !== null || process.signalCode !== null) return null;
  return new Promise((resolve) => {
    process.once("exit", resolve);
    process.kill(signal);
  });
}
