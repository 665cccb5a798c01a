package live

import (
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"homeroom/models"
)

// Describe adds the frames of v2 to an OpenAPI document: ServerFrame and
// ClientFrame are the unions of all there are, Event that of all events. The
// browser's types are made from them, so that a frame which it forgets to
// handle does not compile.
func Describe(document *huma.OpenAPI) {
	registry := document.Components.Schemas
	ref := func(v any) *huma.Schema { return registry.Schema(reflect.TypeOf(v), true, "") }

	registry.Map()["Event"] = &huma.Schema{
		Description: "One change in a class. What it is about is shown as it is now.",
		OneOf:       eventSchemas(registry),
	}
	registry.Map()["EventFrame"] = &huma.Schema{AllOf: []*huma.Schema{
		object(map[string]*huma.Schema{"op": literal("event")}),
		{Ref: "#/components/schemas/Event"},
	}}
	registry.Map()["ServerFrame"] = &huma.Schema{
		Description: "Whatever a server sends on a homeroom.v2 connection. An answer is known by its status.",
		OneOf: []*huma.Schema{
			ref(answerFrame{}), {Ref: "#/components/schemas/EventFrame"}, ref(keepFrame{}), ref(resyncFrame{}),
			ref(readFrame{}), ref(typingFrame{}), ref(presenceFrame{}), ref(onlineFrame{}), ref(pushFrame{}), ref(reportsFrame{}),
		},
	}
	registry.Map()["ClientFrame"] = &huma.Schema{
		Description: "Whatever a client sends on a homeroom.v2 connection.",
		OneOf: []*huma.Schema{
			ref(helloRequest{}), ref(joinRequest{}), ref(leaveRequest{}), ref(sendRequest{}),
			ref(readRequest{}), ref(typingRequest{}), ref(watchRequest{}), ref(unwatchRequest{}), ref(keepRequest{}),
		},
	}
}

// eventSchemas has a schema for every type of event, with its data.
func eventSchemas(registry huma.Registry) []*huma.Schema {
	var all []*huma.Schema
	integer := &huma.Schema{Type: huma.TypeInteger, Format: "int64"}
	for _, e := range models.EventData {
		properties := map[string]*huma.Schema{
			"class_id": integer,
			"seq":      integer,
			"type":     literal(string(e.Type)),
			"at":       {Type: huma.TypeString, Format: "date-time"},
		}
		if e.Data != nil {
			properties["data"] = registry.Schema(reflect.TypeOf(e.Data), true, "")
		}
		name := "Event" + camel(string(e.Type))
		registry.Map()[name] = object(properties)
		all = append(all, &huma.Schema{Ref: "#/components/schemas/" + name})
	}
	return all
}

// object is a schema whose properties are all required.
func object(properties map[string]*huma.Schema) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeObject, Properties: properties}
	for name := range properties {
		s.Required = append(s.Required, name)
	}
	slices.Sort(s.Required)
	return s
}

func literal(s string) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Enum: []any{s}}
}

// camel turns message.created into MessageCreated.
func camel(t string) string {
	var name strings.Builder
	for part := range strings.SplitSeq(t, ".") {
		name.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return name.String()
}
