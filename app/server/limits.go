package server

import "time"

// Limits bound what one client, one address and all of them together may take
// of the server before a rule is asked. Those of sockets are live.Limits. Each
// is a flag of the command "serve".
type Limits struct {
	Body         int           `name:"max-body" default:"65536" help:"Bytes in the body of a request."`
	Header       int           `name:"max-header" default:"8192" help:"Bytes in the head of a request."`
	Read         time.Duration `name:"read-timeout" default:"10s" help:"How long a request may take to arrive."`
	Write        time.Duration `name:"write-timeout" default:"15s" help:"How long an answer may take to leave."`
	Idle         time.Duration `name:"idle-timeout" default:"60s" help:"How long a connection is kept without a request."`
	Handshake    time.Duration `name:"handshake-wait" default:"5s" help:"How long the handshake of a socket waits for its turn."`
	Leave        time.Duration `name:"shutdown-delay" default:"0s" help:"How long /readyz answers 503 before anything else ends when the server stops: as long as a proxy in front needs to see it."`
	Shutdown     time.Duration `name:"shutdown-timeout" default:"8s" help:"How long requests and sockets may take to end when the server stops."`
	SendBuffer   int           `name:"send-buffer" default:"131072" help:"Bytes that the system may hold for a client that does not read. It may double them."`
	Connections  int           `name:"max-connections" default:"20000" help:"Open connections of all clients."`
	Part         int           `name:"max-part" default:"262144" help:"Bytes in a part of a file."`
	PartRead     time.Duration `name:"part-timeout" default:"30s" help:"How long a part of a file may take to arrive."`
	PartRate     float64       `name:"parts-per-second" default:"20" help:"Parts of files a second of one user."`
	PartBurst    int           `name:"part-burst" default:"100" help:"Parts of files that a user may send at once."`
	RequestRate  float64       `name:"requests-per-second" default:"20" help:"API requests a second of one user that change something."`
	RequestBurst int           `name:"request-burst" default:"100" help:"API requests that change something and that a user may make at once."`
	AddressRate  float64       `name:"address-requests-per-second" default:"200" help:"API requests a second of one address, before sign-in."`
	AddressBurst int           `name:"address-request-burst" default:"2000" help:"API requests that an address may make at once, before sign-in."`
}

// DefaultLimits are those of a server started without flags.
func DefaultLimits() Limits {
	return Limits{
		Body: 64 << 10, Header: 8 << 10,
		Read: 10 * time.Second, Write: 15 * time.Second, Idle: 60 * time.Second, Handshake: 5 * time.Second, Shutdown: 8 * time.Second,
		SendBuffer: 128 << 10, Connections: 20_000,
		Part: 256 << 10, PartRead: 30 * time.Second, PartRate: 20, PartBurst: 100,
		RequestRate: 20, RequestBurst: 100, AddressRate: 200, AddressBurst: 2000,
	}
}
