// Loaded before the program (`node --import`): kills it right after the n-th time that it has flushed something to
// the disk, as STORYC_TEST_KILL_AT says. A flush is when the journal, the lockfile or a clip has become true.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const at = Number(process.env.STORYC_TEST_KILL_AT);
const flush = fs.fsyncSync;
let flushed = 0;
fs.fsyncSync = (fd) => {
  flush(fd);
  if (++flushed === at) process.kill(process.pid, "SIGKILL");
};
syncBuiltinESMExports();
