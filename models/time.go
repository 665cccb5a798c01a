// Package models holds one struct per noun. The struct is the row, the JSON
// and the schema; what must never leave the server is in structs of its own.
package models

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// TimeLayout is how a Time reads in JSON: RFC 3339 in UTC with milliseconds.
const TimeLayout = "2006-01-02T15:04:05.000Z"

// Time is an instant with millisecond precision: an integer of Unix
// milliseconds in SQL (no driver's idea of a date format comes between), RFC
// 3339 in JSON.
type Time struct{ time.Time }

// At rounds t down to the precision that is stored.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Millisecond)} }

// Value stores Unix milliseconds.
func (t Time) Value() (driver.Value, error) { return t.UnixMilli(), nil }

// Scan reads Unix milliseconds.
func (t *Time) Scan(src any) error {
	ms, ok := src.(int64)
	if !ok {
		return fmt.Errorf("models.Time: cannot scan %T", src)
	}
	t.Time = time.UnixMilli(ms).UTC()
	return nil
}

// GormDataType tells GORM that the column is an integer.
func (Time) GormDataType() string { return "integer" }

// MarshalText writes TimeLayout.
func (t Time) MarshalText() ([]byte, error) {
	return t.UTC().AppendFormat(make([]byte, 0, len(TimeLayout)), TimeLayout), nil
}

// MarshalJSON writes TimeLayout in quotes; without it the embedded
// time.Time's own MarshalJSON would win.
func (t Time) MarshalJSON() ([]byte, error) {
	return t.AppendJSON(make([]byte, 0, len(TimeLayout)+2)), nil
}

// AppendJSON appends what MarshalJSON writes.
func (t Time) AppendJSON(b []byte) []byte { return t.UTC().AppendFormat(b, `"`+TimeLayout+`"`) }

// UnmarshalText reads RFC 3339.
func (t *Time) UnmarshalText(b []byte) error {
	parsed, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		return err
	}
	*t = At(parsed)
	return nil
}

// UnmarshalJSON reads RFC 3339 in quotes.
func (t *Time) UnmarshalJSON(b []byte) error {
	if len(b) < 2 || b[0] != '"' {
		return fmt.Errorf("models.Time: want a string")
	}
	return t.UnmarshalText(b[1 : len(b)-1])
}
