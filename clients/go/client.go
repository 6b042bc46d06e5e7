// Package palabre is a client of the Palabre API. Its operations and types, in package api, are made from the API's document.
//
// Reads are repeated, and so are writes that have an Idempotency-Key, which is made once for each POST. A refusal is a *Problem.
package palabre

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/palabre/palabre/clients/go/api"
)

// Options say where the API is (with /v1) and who calls. Agency is for members of several.
type Options struct {
	Address  string
	Token    func() (string, error)
	Agency   string
	Patience time.Duration // for one answer; 30 seconds if it is zero
	Attempts int           // of one request; 4 if it is zero
}

// Problem is a refusal (RFC 9457). Go by its Code.
type Problem struct {
	Status    int    `json:"status"`
	Code      string `json:"code"`
	Title     string `json:"title"`
	Detail    string `json:"detail"`
	Field     string `json:"field"`
	RequestID string `json:"request_id"`
}

func (p *Problem) Error() string {
	return fmt.Sprintf("%d %s: %s %s", p.Status, p.Code, p.Title, p.Detail)
}

// Connect gives the operations, by their tags.
func Connect(o Options) *api.APIClient {
	if o.Patience == 0 {
		o.Patience = 30 * time.Second
	}
	if o.Attempts == 0 {
		o.Attempts = 4
	}
	inner := http.DefaultTransport.(*http.Transport).Clone()
	inner.ResponseHeaderTimeout = o.Patience
	set := api.NewConfiguration()
	set.Servers = api.ServerConfigurations{{URL: o.Address}}
	set.HTTPClient = &http.Client{Transport: &transport{o, inner}}
	return api.NewAPIClient(set)
}

type transport struct {
	Options
	inner http.RoundTripper
}

func (t *transport) RoundTrip(given *http.Request) (*http.Response, error) {
	token, err := t.Token()
	if err != nil {
		return nil, err
	}
	r := given.Clone(given.Context())
	r.Header.Set("Authorization", "Bearer "+token)
	if t.Agency != "" && r.Header.Get("Palabre-Agency") == "" {
		r.Header.Set("Palabre-Agency", t.Agency)
	}
	if r.Method == http.MethodPost && r.Header.Get("Idempotency-Key") == "" {
		key := make([]byte, 16)
		_, _ = rand.Read(key) // it fails on no system that Go runs on
		r.Header.Set("Idempotency-Key", fmt.Sprintf("%x", key))
	}
	var body []byte
	if given.Body != nil {
		if body, err = io.ReadAll(given.Body); err != nil {
			return nil, err
		}
	}
	repeatable := r.Method == http.MethodGet || r.Header.Get("Idempotency-Key") != ""
	for attempt := 1; ; attempt++ {
		r.Body = io.NopCloser(bytes.NewReader(body))
		wait := time.Duration(250<<attempt) * time.Millisecond
		again := true
		answer, err := t.inner.RoundTrip(r)
		if err == nil {
			if answer.StatusCode < 400 {
				return answer, nil
			}
			wait, again, err = refused(answer, wait)
		}
		if !again || !repeatable || attempt >= t.Attempts {
			return nil, err
		}
		select {
		case <-given.Context().Done():
			return nil, given.Context().Err()
		case <-time.After(wait):
		}
	}
}

func refused(answer *http.Response, wait time.Duration) (time.Duration, bool, error) {
	defer answer.Body.Close()
	problem := &Problem{Status: answer.StatusCode, Code: "unreadable"}
	_ = json.NewDecoder(answer.Body).Decode(problem)
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil {
		wait = time.Duration(seconds) * time.Second
	}
	if wait > time.Minute {
		wait = time.Minute
	}
	again := problem.Status == 429 || problem.Status == 503 || problem.Code == "idempotency_in_flight"
	return wait, again, problem
}
