package hostile_test

import (
	"context"
	"encoding/json"
)

func (k *taker) mutate(ctx context.Context, w work, tell *json.Encoder) error { return nil }
