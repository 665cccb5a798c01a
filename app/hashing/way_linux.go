package hashing

import (
	"os/exec"
	"runtime"

	"golang.org/x/sys/unix"
)

// niceness is by how much the processes give way: where others want the
// processor, they get about a quarter of it.
const niceness = 5

// startGivingWay starts a command from a thread that gives way, which the
// command takes after. A thread cannot be made to stop giving way by everybody,
// so it ends with the goroutine that it is locked to.
func startGivingWay(cmd *exec.Cmd) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		_ = unix.Setpriority(unix.PRIO_PROCESS, 0, niceness) // else it is as any other
		started <- cmd.Start()
	}()
	return <-started
}
