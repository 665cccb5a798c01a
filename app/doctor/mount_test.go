package doctor_test

import (
	"fmt"
	"os/exec"
)

func mount(folder, size string) error {
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "mode=0700,size="+size, "tmpfs", folder).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

func unmount(folder string) error { return exec.Command("umount", folder).Run() }
