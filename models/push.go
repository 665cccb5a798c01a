package models

import "encoding/json"

// Push is what an outside system tells users. It is shown and gone; one that
// was to be kept waits as a KeptPush.
type Push struct {
	ID      string          `json:"id" doc:"Tells two frames of the same push apart from two pushes"`
	Content string          `json:"content,omitempty" doc:"Plain text"`
	Task    string          `json:"task,omitempty" doc:"Pushes of the same task update one another"`
	Percent *float64        `json:"percent,omitempty" minimum:"0" maximum:"100"`
	Data    json.RawMessage `json:"data,omitempty" doc:"The object that came in by the inner port, as it is"`
	At      Time            `json:"at" format:"date-time"`
}

// KeptPush waits for a user who was offline.
type KeptPush struct {
	ID        int64 `gorm:"primaryKey"`
	UserID    int64
	Push      Push `gorm:"serializer:json"`
	ExpiresAt Time
}
