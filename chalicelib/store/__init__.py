"""The table. Only this area knows keys and calls DynamoDB."""
