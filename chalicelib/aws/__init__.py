"""The AWS services that we use, except the table. Only these modules import boto3."""
