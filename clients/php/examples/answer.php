<?php

// Reads an inbox page by page, answers a conversation, and says what became of it: php answer.php CONVERSATION TEXT

declare(strict_types=1);

use Palabre\Client\Generated\Api\ConversationsApi;
use Palabre\Client\Generated\Api\RepliesApi;
use Palabre\Client\Generated\Model\NewReply;
use Palabre\Client\Palabre;
use Palabre\Client\Problem;

$vendor = __DIR__ . '/../vendor/autoload.php';
if (is_file($vendor)) {
    require $vendor;
} else {
    // Debian's php-guzzlehttp-guzzle, and our own classes where composer would find them.
    require '/usr/share/php/GuzzleHttp/autoload.php';
    spl_autoload_register(static function (string $name): void {
        foreach (['Palabre\\Client\\Generated\\' => 'generated/lib/', 'Palabre\\Client\\' => 'src/'] as $prefix => $place) {
            $file = __DIR__ . "/../{$place}" . str_replace('\\', '/', substr($name, strlen($prefix))) . '.php';
            if (str_starts_with($name, $prefix) && is_file($file)) {
                require $file;
                return;
            }
        }
    });
}

[, $conversation, $text] = $argv;
$palabre = new Palabre(getenv('PALABRE_API'), getenv('PALABRE_TOKEN'), patience: (float) (getenv('PATIENCE') ?: 30));
$conversations = $palabre->api(ConversationsApi::class);
$replies = $palabre->api(RepliesApi::class);
$channel = $conversations->showConversation($conversation)->getChannel();
$inbox = [];
$cursor = null;
do {
    $page = $conversations->listConversations(channel: [$channel], limit: 1, cursor: $cursor);
    foreach ($page->getItems() as $found) {
        $inbox[] = $found->getId();
    }
    $cursor = $page->getNext();
} while ($cursor !== null);
$reply = $conversations->draftReply($conversation, newReply: new NewReply(['text' => $text]));
$code = '';
try {
    $replies->showReply('rpl_none');
} catch (Problem $problem) {
    $code = $problem->problemCode();
}
$kept = $replies->showReply($reply->getId());
echo json_encode(['inbox' => $inbox, 'reply' => $reply->getId(), 'text' => $kept->getText(), 'code' => $code]), "\n";
