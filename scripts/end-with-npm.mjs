import { execFileSync } from 'node:child_process';

const INTERVAL = 1_000; // 1 second

/**
 * Ends this process, by SIGTERM, when the npm that started it is gone: killed, npm could not pass that on, and
 * what it had started would go on out of sight.
 */
export function endWithNpm() {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const npm = npmProcess();
  setInterval(() => {
    if (!isAlive(npm)) process.kill(process.pid, 'SIGTERM');
  }, INTERVAL).unref();
}

/** npm runs a script in a shell, which some shells replace by the script's command. */
function npmProcess() {
  try {
    const line = execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(process.ppid)], { encoding: 'utf8' });
    const [, grandparent, command = ''] = /^\s*(\d+)\s+(.*?)\s*$/.exec(line) ?? [];
    return /(^|[/-])(ba|da|z)?sh$/.test(command) ? Number(grandparent) : process.ppid;
  } catch {
    return process.ppid; // without `ps`, the shell's end has to do
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
