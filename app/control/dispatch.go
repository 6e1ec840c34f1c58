package control

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"elkjopcloud/app"
)

var (
	clientType   = reflect.TypeFor[Client]()
	contextType  = reflect.TypeFor[context.Context]()
	progressType = reflect.TypeFor[func(app.Progress)]()
)

// dispatch calls the method that a question names. Only the methods of Client can be reached, whatever else c has. The result is nil for a
// method that returns nothing but an error.
func dispatch(ctx context.Context, c Client, q question, progress func(app.Progress)) (any, error) {
	declared, ok := clientType.MethodByName(q.Method)
	if !ok {
		return nil, unknown(q.Method)
	}
	args, err := arguments(ctx, declared.Type, q, progress)
	if err != nil {
		return nil, err
	}
	out := reflect.ValueOf(c).MethodByName(q.Method).Call(args)
	err, _ = out[len(out)-1].Interface().(error)
	if len(out) == 1 {
		return nil, err
	}
	return out[0].Interface(), err
}

func unknown(method string) *app.Problem {
	return &app.Problem{
		Code: app.CodeWrongUse, Message: fmt.Sprintf("The running program does not know %q.", method),
		Action: "Stop it and start it again: it may be an older version.",
	}
}

// arguments decodes what was asked with into what the method takes, and adds the context and the progress function where they belong.
func arguments(ctx context.Context, method reflect.Type, q question, progress func(app.Progress)) ([]reflect.Value, error) {
	rest, in := q.Args, make([]reflect.Value, 0, method.NumIn())
	for i := range method.NumIn() {
		switch t := method.In(i); {
		case t == contextType:
			in = append(in, reflect.ValueOf(ctx))
		case t == progressType:
			in = append(in, reflect.ValueOf(progress))
		case len(rest) == 0:
			return nil, unfit(q.Method, fmt.Errorf("argument %d is missing", i))
		default:
			v := reflect.New(t)
			if err := json.Unmarshal(rest[0], v.Interface()); err != nil {
				return nil, unfit(q.Method, err)
			}
			in, rest = append(in, v.Elem()), rest[1:]
		}
	}
	if len(rest) > 0 {
		return nil, unfit(q.Method, fmt.Errorf("%d arguments too many", len(rest)))
	}
	return in, nil
}

func unfit(method string, err error) *app.Problem {
	return &app.Problem{
		Code: app.CodeWrongUse, Message: fmt.Sprintf("The running program understands %q in another way.", method),
		Action: "Stop it and start it again: it may be an older version.", Err: err,
	}
}
