<?php

declare(strict_types=1);

namespace Palabre\Client;

/** A refusal (RFC 9457). Go by its problem code; `details` has all of it. */
final class Problem extends \RuntimeException
{
    /** @param array<string, mixed> $details */
    public function __construct(public readonly int $status, public readonly array $details)
    {
        parent::__construct("{$status} {$this->problemCode()}: " . ($details['detail'] ?? $details['title'] ?? ''), $status);
    }

    public function problemCode(): string
    {
        return $this->details['code'] ?? 'unreadable';
    }
}
