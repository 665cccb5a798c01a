package doctor

import (
	"context"
	"fmt"

	"homeroom/app/backup"
)

// checkFiles looks whether the bytes are there that the database names.
func checkFiles(ctx context.Context, data string) Finding {
	missing, err := backup.Missing(ctx, data)
	if err != nil {
		return Finding{Fail, "files: they cannot be looked at: " + err.Error(), "run this as the user that the server runs as"}
	}
	if len(missing) > 0 {
		return Finding{Fail, fmt.Sprintf("files: %d that were uploaded are missing or cut, such as %s", len(missing), missing[0]),
			"unpack them from a backup, which is a tar archive, into " + data + " under the same names"}
	}
	return fine("files: all that were uploaded are there")
}
