package instance

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"elkjopcloud/platform/desktop/urlscheme"
)

// Request is what a later start asks of the running program: to show itself, and with a Link to ask its user about it. A link is never
// acted on without the user.
type Request struct{ Link string }

// ErrNotAsked means that the running program cannot be asked, or did not take the request.
var ErrNotAsked = errors.New("the running program does not take requests")

const (
	showWord = "show"
	joinWord = "join "
	taken    = "taken\n"
	refused  = "refused\n"

	longestRequest = 10 << 10        // bytes; more than the longest link
	talkTime       = 3 * time.Second // within which a request must have come whole
)

// door is where the running program can be asked. Only its own user can come to it.
type door interface {
	accept() (visitor, error) // fails when the door is closed
	close() error
	address() string
}

// visitor is a connection.
type visitor interface {
	io.ReadWriteCloser
	SetDeadline(time.Time) error
}

// Serve takes requests until ctx ends, and returns nil then. handle is called for one at a time and must not wait for the user. Where the
// system has nothing to ask by, the error matches errors.ErrUnsupported.
func (l *Lock) Serve(ctx context.Context, handle func(Request)) error {
	d, err := openDoor(l.home)
	if err != nil {
		return fmt.Errorf("take requests in %s: %w", l.home, err)
	}
	known := l.holder
	known.Door = d.address()
	if err := l.announce(known); err != nil {
		return errors.Join(fmt.Errorf("take requests in %s: %w", l.home, err), d.close())
	}
	closed := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() { closed <- d.close() })
	err = attend(d, handle)
	if stop() {
		return errors.Join(fmt.Errorf("take requests in %s: %w", l.home, err), d.close())
	}
	return <-closed
}

// attend talks to one visitor after the other until the door is closed.
func attend(d door, handle func(Request)) error {
	for {
		v, err := d.accept()
		if err != nil {
			return err
		}
		_ = v.SetDeadline(time.Now().Add(talkTime)) // without it a silent visitor would hold the others up, no more
		answer(v, handle)
		_ = v.Close() // it was answered
	}
}

func answer(v io.ReadWriter, handle func(Request)) {
	line, err := bufio.NewReader(io.LimitReader(v, longestRequest)).ReadString('\n')
	if err != nil {
		return
	}
	r, err := parse(strings.TrimSuffix(line, "\n"))
	if err != nil {
		_, _ = io.WriteString(v, refused) // whoever asks wrongly may go without an answer
		return
	}
	handle(r)
	_, _ = io.WriteString(v, taken) // the request is taken, whether the asker hears it or not
}

// parse reads a request strictly.
func parse(line string) (Request, error) {
	if line == showWord {
		return Request{}, nil
	}
	link, ok := strings.CutPrefix(line, joinWord)
	if !ok {
		return Request{}, ErrNotAsked
	}
	l, err := urlscheme.Parse(link)
	if err != nil {
		return Request{}, err
	}
	return Request{Link: l.String()}, nil
}

func (r Request) line() (string, error) {
	if r.Link == "" {
		return showWord + "\n", nil
	}
	l, err := urlscheme.Parse(r.Link)
	if err != nil {
		return "", err
	}
	return joinWord + l.String() + "\n", nil
}

// HandOver asks the program that has a home. It fails with ErrNotAsked when that one cannot be asked (yet, or any more).
func HandOver(ctx context.Context, home string, r Request) error {
	line, err := r.line()
	if err != nil {
		return fmt.Errorf("ask the running program: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, talkTime)
	defer cancel()
	if err := ask(ctx, readHolder(home).Door, line); err != nil {
		return fmt.Errorf("ask the running program: %w", err)
	}
	return nil
}

func ask(ctx context.Context, address, line string) error {
	if address == "" {
		return ErrNotAsked
	}
	v, err := knock(ctx, address)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotAsked, err)
	}
	defer v.Close()
	if end, ok := ctx.Deadline(); ok {
		_ = v.SetDeadline(end) // without it we would wait for the other program's end
	}
	if _, err := io.WriteString(v, line); err != nil {
		return fmt.Errorf("%w: %w", ErrNotAsked, err)
	}
	said, err := bufio.NewReader(io.LimitReader(v, longestRequest)).ReadString('\n')
	if err != nil || said != taken {
		return errors.Join(fmt.Errorf("%w: it said %q", ErrNotAsked, said), err)
	}
	return nil
}
