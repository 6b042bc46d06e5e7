"""Telegram: a bot's private chats, groups, topics and channels, and the chats of business accounts it serves.

Sizes are those of files Telegram fetches by address: https://core.telegram.org/bots/api#sending-files
"""

from chalicelib.networks import base
from chalicelib.networks.telegram import connect, inbound, outbound

# https://core.telegram.org/bots/api#reactiontypeemoji
REACTIONS = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 "  # noqa: E501 - emoji are counted as wide
    "🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)

# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
ALLOWS = (
    base.Quota(name="messages_a_second", most=30),
    base.Quota(name="messages_a_second_in_a_chat", most=1),
    base.Quota(name="messages_a_minute_in_a_group", most=20),
)

NETWORK = base.Network(
    key="telegram",
    name="Telegram",
    capabilities=base.Capabilities(
        surfaces=("dm",),
        reply=("dm",),
        quote=("dm",),
        delete=("dm",),
        react=("dm",),
        ban=("dm",),
        restrict=("dm",),
        read=True,
        typing=True,
        text={"dm": 4096},
        caption=outbound.CAPTION,
        media={
            "image": base.MediaLimit(bytes=10_000_000, types=("image/jpeg", "image/png", "image/webp")),
            "video": base.MediaLimit(bytes=25_000_000, types=("video/mp4",)),
            "audio": base.MediaLimit(bytes=25_000_000, types=("audio/mpeg", "audio/mp4", "audio/ogg")),
            "file": base.MediaLimit(bytes=25_000_000),
            "sticker": base.MediaLimit(bytes=512_000, types=("image/webp",)),
        },
        reactions=tuple(REACTIONS.split()),
        acknowledge=("postback",),
        interactive={"buttons": base.InteractiveLimit(options=24, title=64, id=64, text=4096)},
    ),
    parse=inbound.parse,
    verify=inbound.verify,
    send=outbound.send,
    act=outbound.act,
    parts=outbound.parts,
    check=connect.check,
    subscribe=connect.subscribe,
    unsubscribe=connect.unsubscribe,
    unheard=connect.unheard,
    download=connect.download,
    allows=ALLOWS,
    takes_bytes=True,
    secret_per_channel=True,
)
