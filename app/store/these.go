package store

import (
	"database/sql/driver"
	"encoding/json"
)

// ofThese is the condition that a column is in a list, which goes over as one
// value: otherwise each length would be a statement of its own, prepared and
// kept.
const ofThese = ` IN (SELECT value FROM json_each(?))`

// these is the list for ofThese.
type these[T int64 | ~string] []T

// Value is part of driver.Valuer.
func (t these[T]) Value() (driver.Value, error) {
	list, err := json.Marshal([]T(t))
	return string(list), err
}
