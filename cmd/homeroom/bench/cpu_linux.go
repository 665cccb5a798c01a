package bench

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// processorTime is how long all threads of a process have used a processor.
// /proc tells it in steps of 10 ms, which is a tenth of what a short run with few
// messages takes; the clock of the process (clock_getcpuclockid(3)) in nanoseconds.
func processorTime(pid int) (time.Duration, error) {
	const scheduled = 2 // CPUCLOCK_SCHED
	var used unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|scheduled), &used); err != nil {
		return 0, fmt.Errorf("processor time of process %d: %w", pid, err)
	}
	return time.Duration(used.Nano()), nil
}
