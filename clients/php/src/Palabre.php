<?php

declare(strict_types=1);

namespace Palabre\Client;

use GuzzleHttp\Client;
use GuzzleHttp\Exception\ConnectException;
use GuzzleHttp\HandlerStack;
use GuzzleHttp\Middleware;
use Palabre\Client\Generated\Configuration;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;

/**
 * Where the API is and who calls: `(new Palabre($address, $token))->api(ConversationsApi::class)`.
 *
 * Reads are repeated, and so are writes that have an Idempotency-Key, which is made once for each POST.
 */
final class Palabre
{
    private const LONGEST_WAIT = 60_000;

    private Client $client;

    /**
     * @param string|\Closure(): string $token an API key, an access token, or what gives one
     * @param string $agency for members of several
     * @param float $patience for how many seconds an answer is waited for before it is asked for again
     */
    public function __construct(
        private readonly string $address,
        private readonly string|\Closure $token,
        private readonly string $agency = '',
        float $patience = 30.0,
        private readonly int $attempts = 4,
    ) {
        $stack = HandlerStack::create();
        $stack->remove('http_errors');
        // What comes first is outermost: a request has its key before it is repeated.
        $stack->push(Middleware::mapRequest($this->prepared(...)));
        $stack->push(Middleware::mapResponse($this->judged(...)));
        $stack->push(Middleware::retry($this->again(...), $this->pause(...)));
        $this->client = new Client(['handler' => $stack, 'timeout' => $patience, 'http_errors' => false]);
    }

    /**
     * @template T of object
     * @param class-string<T> $name a class of Palabre\Client\Generated\Api
     * @return T
     */
    public function api(string $name): object
    {
        return new $name($this->client, (new Configuration())->setHost($this->address));
    }

    private function prepared(RequestInterface $request): RequestInterface
    {
        $token = is_string($this->token) ? $this->token : ($this->token)();
        $request = $request->withHeader('Authorization', "Bearer {$token}");
        if ($this->agency !== '' && !$request->hasHeader('Palabre-Agency')) {
            $request = $request->withHeader('Palabre-Agency', $this->agency);
        }
        if ($request->getMethod() === 'POST' && !$request->hasHeader('Idempotency-Key')) {
            $request = $request->withHeader('Idempotency-Key', bin2hex(random_bytes(16)));
        }
        return $request;
    }

    private function again(int $made, RequestInterface $request, ?ResponseInterface $answer, mixed $failure): bool
    {
        if ($made + 1 >= $this->attempts || !($request->getMethod() === 'GET' || $request->hasHeader('Idempotency-Key'))) {
            return false;
        }
        if ($answer === null) {
            return $failure instanceof ConnectException;
        }
        $waits = in_array($answer->getStatusCode(), [429, 503], true);
        return $waits || ($answer->getStatusCode() === 409 && self::details($answer)['code'] === 'idempotency_in_flight');
    }

    /** In milliseconds. */
    private function pause(int $made, ?ResponseInterface $answer): int
    {
        $after = $answer?->getHeaderLine('Retry-After') ?? '';
        return min(ctype_digit($after) ? 1000 * (int) $after : 250 * 2 ** $made, self::LONGEST_WAIT);
    }

    private function judged(ResponseInterface $answer): ResponseInterface
    {
        if ($answer->getStatusCode() < 400) {
            return $answer;
        }
        throw new Problem($answer->getStatusCode(), self::details($answer));
    }

    /** @return array<string, mixed> */
    private static function details(ResponseInterface $answer): array
    {
        $read = json_decode((string) $answer->getBody(), true);
        return is_array($read) ? $read : [];
    }
}
