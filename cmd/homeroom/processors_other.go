//go:build !unix

package main

import "context"

func keepProcessors(context.Context) {}
