package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"homeroom/app/door"
	"homeroom/app/fault"
)

// problem tells err to whoever asked. One that is no fault is logged here,
// once.
func problem(ctx context.Context, err error) error {
	r := door.Of(ctx)
	p := door.ProblemOf(err, r)
	if p.Code == fault.Internal.Code {
		slog.ErrorContext(ctx, "internal error", "request_id", r.ID, "error", err.Error())
	}
	if p.RetryAfter == 0 && p.Status == http.StatusServiceUnavailable {
		p.RetryAfter = 1
	}
	headers := http.Header{}
	if p.RetryAfter > 0 {
		headers.Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	if p.Status == http.StatusUnauthorized {
		headers.Set("WWW-Authenticate", "Bearer") // RFC 9110, 15.5.2
	}
	if len(headers) == 0 {
		return p
	}
	return huma.ErrorWithHeaders(p, headers)
}

// refused tells what huma found wrong with a request before any rule saw it.
// It does not repeat the values: one may be a password.
func refused(ctx context.Context, status int, message string, errs ...error) huma.StatusError {
	p := door.ProblemOf(faultOf(status).With(message), door.Of(ctx))
	p.Status = status
	for _, err := range errs {
		var detail huma.ErrorDetailer
		if errors.As(err, &detail) {
			d := detail.ErrorDetail()
			p.Errors = append(p.Errors, door.Detail{Location: d.Location, Message: d.Message})
		}
	}
	return p
}

func faultOf(status int) *fault.Fault {
	switch status {
	case http.StatusUnsupportedMediaType, http.StatusNotAcceptable:
		return fault.WrongMedia
	case http.StatusRequestEntityTooLarge:
		return fault.TooLarge
	}
	if status >= http.StatusInternalServerError {
		return fault.Internal
	}
	return fault.Malformed
}
