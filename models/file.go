package models

// File is what a member attached to a message, or is about to: it is uploaded
// in parts, ready once it was checked, and sent with a message. Its bytes are
// no column.
type File struct {
	ID        int64  `json:"id" gorm:"primaryKey" example:"1"`
	ClassID   int64  `json:"class_id"`
	ThreadID  *int64 `json:"thread_id,omitempty" doc:"Once it is sent"`
	MessageID *int64 `json:"message_id,omitempty" doc:"Once it is sent"`
	Place     int    `json:"-"` // in the message, from 0
	UserID    int64  `json:"user_id" doc:"Who uploaded it"`
	Name      string `json:"name" example:"lab report.pdf"`
	MediaType string `json:"media_type" example:"application/pdf"`
	Size      int64  `json:"size" doc:"Bytes; of a picture that is ready, those of what it became" example:"123456"`
	Received  int64  `json:"received" doc:"Bytes of it that are on disk: the next part begins here"`
	Ready     bool   `json:"ready" doc:"It was checked and can be sent"`
	Width     *int   `json:"width,omitempty" doc:"Of a picture, as it is shown"`
	Height    *int   `json:"height,omitempty" doc:"Of a picture, as it is shown"`
	CreatedAt Time   `json:"created_at" format:"date-time"`
	DiskName  string `json:"-"` // random
	PartAt    int64  `json:"-"` // where the last part began
	PartHash  []byte `json:"-"` // of the last part
}

// Picture tells whether there is a preview of it.
func (f File) Picture() bool { return f.Ready && f.Width != nil }
