/** Processes that must not outlive the run that started them, however it ends. */
const kills = new Set();

/** Runs `kill` if this process ends before `child` does. */
export function endsWithUs(child, kill) {
  arm();
  kills.add(kill);
  child.once("exit", () => kills.delete(kill));
}

let armed = false;

function arm() {
  if (armed) return;
  armed = true;
  process.on("exit", () => {
    for (const kill of kills) kill();
  });
  // Without a listener of ours these end the process and skip "exit".
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
  ]) {
    process.once(signal, () => process.exit(128 + number));
  }
}
