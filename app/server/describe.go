package server

import (
	"github.com/danielgtaylor/huma/v2"

	"homeroom/app/live"
)

// Describe returns the OpenAPI document of both doors: the operations of REST
// and the frames of the socket.
func Describe(rest huma.API) ([]byte, error) {
	live.Describe(rest.OpenAPI())
	return rest.OpenAPI().MarshalJSON()
}
