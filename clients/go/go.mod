module github.com/palabre/palabre/clients/go

go 1.19
