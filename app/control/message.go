package control

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"elkjopcloud/app"
)

const (
	maxQuestion = 8 << 20   // bytes of a question: the longest are lists of paths to archive
	maxAnswer   = 512 << 20 // bytes of an answer: the longest are lists of a large trash
)

// question is what the asker sends: the name of one of Client's methods and its arguments, without the context and the progress function.
type question struct {
	Method string            `json:"method"`
	Args   []json.RawMessage `json:"args"`
}

// answer is one line that comes back. Exactly one field is there; the first line says that the question was heard, the last one has a result or a problem.
type answer struct {
	Heard    bool            `json:"heard,omitempty"`
	Progress *app.Progress   `json:"progress,omitempty"`
	Result   json.RawMessage `json:"result,omitempty"` // null when the method returns nothing but an error
	Problem  *app.Problem    `json:"problem,omitempty"`
}

// ErrUnheard means that the running program went away before it heard the question: nothing was done, and whoever holds the home now can be asked.
var ErrUnheard = errors.New("the running program went away before it heard the question")

var (
	errTooLong  = errors.New("the message is too long")
	errNoAnswer = errors.New("the running program went away without an answer")
)

// readLine reads up to the next line feed, which is not returned. A line of more than most bytes is refused before it is held.
func readLine(r *bufio.Reader, most int) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > most {
			return nil, errTooLong
		}
		line = append(line, part...)
		switch {
		case err == nil:
			return bytes.TrimSuffix(line, []byte("\n")), nil
		case errors.Is(err, io.EOF) && len(line) > 0:
			return nil, io.ErrUnexpectedEOF
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

func parseQuestion(line []byte) (question, error) {
	var q question
	if err := json.Unmarshal(line, &q); err != nil {
		return question{}, fmt.Errorf("read a question: %w", err)
	}
	if q.Method == "" {
		return question{}, errors.New("read a question: it names no method")
	}
	return q, nil
}

func parseAnswer(line []byte) (answer, error) {
	var a answer
	if err := json.Unmarshal(line, &a); err != nil {
		return answer{}, fmt.Errorf("read an answer: %w", err)
	}
	return a, nil
}

// problem turns what a client returned into what travels; a *app.Problem keeps its words.
func problem(err error) *app.Problem {
	var p *app.Problem
	if errors.As(err, &p) {
		return p
	}
	return &app.Problem{Code: "other", Message: err.Error(), Err: err}
}
