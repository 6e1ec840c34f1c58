package command

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"elkjopcloud/app"
)

// agree asks the person at the terminal whether to do what cannot be undone. Where nobody is there, in a script, the command itself is the answer.
func (s *session) agree(question string) error {
	if s.Person == nil {
		return nil
	}
	fmt.Fprintf(s.Stderr, "%s [y/N] ", clean(question))
	answer := make(chan string, 1)
	go func() { // reading cannot be interrupted; it ends with the program
		line, _ := bufio.NewReader(s.Person).ReadString('\n')
		answer <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case a := <-answer:
		if a == "y" || a == "yes" {
			return nil
		}
		return &app.Problem{Code: app.CodeWrongUse, Message: "Nothing was deleted.", Action: "Answer y to delete."}
	case <-s.ctx.Done():
		return context.Cause(s.ctx)
	}
}
