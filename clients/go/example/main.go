// Reads an inbox page by page, answers a conversation, and says what became of it: go run ./example CONVERSATION TEXT
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"os"
	"strconv"
	"time"

	palabre "github.com/palabre/palabre/clients/go"
	"github.com/palabre/palabre/clients/go/api"
)

func main() {
	conversation, text := os.Args[1], os.Args[2]
	seconds, _ := strconv.ParseFloat(os.Getenv("PATIENCE"), 64)
	client := palabre.Connect(palabre.Options{
		Address:  os.Getenv("PALABRE_API"),
		Token:    func() (string, error) { return os.Getenv("PALABRE_TOKEN"), nil },
		Patience: time.Duration(seconds * float64(time.Second)),
	})
	ctx := context.Background()
	shown, _, err := client.ConversationsAPI.ShowConversation(ctx, conversation).Execute()
	check(err)
	inbox := []string{}
	for cursor := ""; ; {
		ask := client.ConversationsAPI.ListConversations(ctx).Channel([]string{shown.Channel}).Limit(1)
		if cursor != "" {
			ask = ask.Cursor(cursor)
		}
		page, _, err := ask.Execute()
		check(err)
		for _, found := range page.Items {
			inbox = append(inbox, found.Id)
		}
		if cursor = page.GetNext(); cursor == "" {
			break
		}
	}
	said := api.ReplyInput{Text: &text}
	reply, _, err := client.ConversationsAPI.DraftReply(ctx, conversation).ReplyInput(said).Execute()
	check(err)
	_, _, err = client.RepliesAPI.ShowReply(ctx, "rpl_none").Execute()
	var problem *palabre.Problem
	if !errors.As(err, &problem) {
		log.Fatal(err)
	}
	kept, _, err := client.RepliesAPI.ShowReply(ctx, reply.Id).Execute()
	check(err)
	told := map[string]any{"inbox": inbox, "reply": reply.Id, "text": kept.Text, "code": problem.Code}
	check(json.NewEncoder(os.Stdout).Encode(told))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
