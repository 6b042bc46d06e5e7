"""What is used of AWS beside the table: the only modules that import boto3."""
