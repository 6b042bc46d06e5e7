"""The table: the only place that knows keys and speaks to DynamoDB."""
