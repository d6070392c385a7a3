"""A real systemd user session in a private world of mounts, where none is running.

``unshare -m`` gives it a ``/run`` of its own, so that the machine's own systemd, if there is one,
and other processes see nothing of it; a control group of its own keeps it from moving any of them.
systemd(1): ``--user``; it needs a D-Bus session for scopes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

_PROGRAMS = ("unshare", "nsenter", "dbus-daemon", "systemd-run", "systemctl")
_SYSTEMD = ("/lib/systemd/systemd", "/usr/lib/systemd/systemd")
_SCRIPT = """
# A manager moves every process of its own control group into a scope: it gets a group of its own.
name=mlj-session-$$
groups=()
while IFS=: read -r _ controllers path; do
  for mount in /sys/fs/cgroup/"${controllers#name=}" /sys/fs/cgroup/unified; do
    [ -e "$mount$path/cgroup.procs" ] || continue
    mkdir "$mount$path/$name" || break
    if echo $$ > "$mount$path/$name/cgroup.procs"; then groups+=("$mount$path")
    else rmdir "$mount$path/$name"; fi
    break
  done
done < <(cat /proc/self/cgroup)
leave() {
  for group in "${groups[@]}"; do echo $$ > "$group/cgroup.procs"; done
  find /sys/fs/cgroup -depth -type d -path "*/$name*" -exec rmdir {} + 2>/dev/null
}
trap leave EXIT
its=$(grep name=systemd /proc/self/cgroup || grep ^0:: /proc/self/cgroup)
[[ "$its" == */$name ]] || exit 1
set -e
mount -t tmpfs none /run
mkdir -p /run/systemd/system /var/lib/systemd/linger
mount -t tmpfs none /var/lib/systemd/linger
mkdir -m 700 -p "$XDG_RUNTIME_DIR"
dbus-daemon --session --address="$DBUS_SESSION_BUS_ADDRESS" --nofork --nopidfile >/dev/null &
bus=$!
{systemd} --user --unit=basic.target --log-target=console >/dev/null &
manager=$!
trap 'kill $manager; wait $manager; kill $bus; leave' EXIT
until [ -S "$XDG_RUNTIME_DIR/systemd/private" ]; do sleep 0.05; kill -0 $manager; done
until systemctl --user is-active -q basic.target; do sleep 0.05; kill -0 $manager; done
echo ready
read -r line || true
"""


class UserSession:
    """A systemd that manages one user's services."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        runtime = f"/run/user/{os.getuid()}"
        self.variables = {
            "XDG_RUNTIME_DIR": runtime,
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={runtime}/bus",
        }

    @staticmethod
    def missing() -> str | None:
        """Why there can be none here; None when there can."""
        if os.geteuid() != 0:
            return "a world of mounts of one's own needs root"
        lacking = [name for name in _PROGRAMS if shutil.which(name) is None]
        if not any(map(os.path.exists, _SYSTEMD)):
            lacking.append("systemd")
        return f"{', '.join(lacking)} is not installed" if lacking else None

    def start(self) -> bool:
        """Start it; whether that was possible here."""
        systemd = next(filter(os.path.exists, _SYSTEMD))
        self._process = subprocess.Popen(
            [
                *("unshare", "-m", "--propagation", "private", "bash", "-c"),
                _SCRIPT.replace("{systemd}", systemd),
            ],
            env={**os.environ, **self.variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        if self._process.stdout.readline().strip() == "ready":
            return True
        self.end()
        return False

    def end(self) -> None:
        """End it with all of its services."""
        assert self._process is not None
        self._process.communicate("\n", timeout=60)

    def groups(self) -> list[Path]:
        """Control groups that are left of it."""
        assert self._process is not None
        return list(Path("/sys/fs/cgroup").rglob(f"mlj-session-{self._process.pid}"))

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command inside."""
        return subprocess.run(
            self._inside(command),
            env={**os.environ, **self.variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=check,
        )

    def start_service(self, name: str, command: list[str], variables: dict[str, str]) -> None:
        """Start a command as a service, as a JupyterHub with systemd does."""
        given = [f"--setenv={key}={value}" for key, value in variables.items()]
        self.run("systemd-run", "--user", "--quiet", f"--unit={name}", *given, *command)

    def stop_service(self, name: str) -> None:
        """End a service and whatever is in its control group."""
        self.run("systemctl", "--user", "stop", name)

    def linger(self, user: str) -> None:
        """Let the user's processes outlive their sessions (loginctl(1), enable-linger)."""
        self.run("touch", f"/var/lib/systemd/linger/{user}")

    def _inside(self, command: tuple[str, ...]) -> list[str]:
        assert self._process is not None
        return ["nsenter", "-t", str(self._process.pid), "-m", "--wd=" + str(Path.cwd()), *command]
