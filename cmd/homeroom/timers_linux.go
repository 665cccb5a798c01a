package main

import (
	"log/slog"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// slack is how late the kernel may wake a thread that sleeps.
const slack = 500 * time.Microsecond

// calmTimers lets threads that sleep be woken late, so that fewer wakings do. While
// one thread waits for the disk, Go's scheduler looks every 20 µs whether it is back,
// which with few messages costs as much as a tenth of all that a message does. Each
// thread has the slack of the one that made it, and that watch is the first of all,
// so the process begins anew with it: prctl(2), PR_SET_TIMERSLACK, is kept by
// execve(2). Where it is not to be had, nothing is lost but that.
func calmTimers() {
	runtime.LockOSThread() // the slack is a thread's
	defer runtime.UnlockOSThread()
	had, err := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0)
	if err != nil || had >= int(slack) {
		return
	}
	self, err := os.Executable()
	if err != nil {
		return
	}
	// Threads that the system schedules in real time have none, whatever is set.
	if err := unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(slack), 0, 0, 0); err != nil {
		return
	}
	if has, err := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0); err != nil || has != int(slack) {
		return
	}
	slog.Debug("begins anew with timers that may be late", "error", syscall.Exec(self, os.Args, os.Environ()).Error())
}
