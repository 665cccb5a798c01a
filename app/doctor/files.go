package doctor

import (
	"context"
	"fmt"
	"slices"

	"homeroom/app/backup"
)

// checkFiles looks whether the bytes are there that the database names.
func checkFiles(ctx context.Context, data string) Finding {
	missing, err := lost(func() ([]string, error) { return backup.Missing(ctx, data) })
	if err != nil {
		return Finding{Fail, "files: they cannot be looked at: " + err.Error(), "run this as the user that the server runs as"}
	}
	if len(missing) > 0 {
		return Finding{Fail, fmt.Sprintf("files: %d that were uploaded are missing or cut, such as %s", len(missing), missing[0]),
			fmt.Sprintf("unpack them from a backup: tar -xf BACKUP -C '%s' %s …", data, missing[0])}
	}
	return fine("files: all that were uploaded are there")
}

// lost returns what is missing both times that it is looked for. A server may
// remove a file after the database was asked for its name and before its bytes
// are looked at. It removes the row first, so the second time that name is not
// asked for any more.
func lost(look func() (missing []string, err error)) ([]string, error) {
	first, err := look()
	if err != nil || len(first) == 0 {
		return nil, err
	}
	second, err := look()
	still := map[string]bool{}
	for _, name := range second {
		still[name] = true
	}
	return slices.DeleteFunc(first, func(name string) bool { return !still[name] }), err
}
