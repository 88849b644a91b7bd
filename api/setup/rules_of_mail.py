"""The rules of mail, and of what citizens send in by a form."""

from __future__ import annotations

from domain.rules.rule import Topic
from domain.rules.sources import rfc

MAIL = Topic("mail", "メール", "Mail")
MAIL_ADDRESS = MAIL.rule(
    "address",
    "メールアドレスは一つの欄に一つだけで、254字までです。",
    "A field takes one mail address, of at most 254 characters.",
    rfc(5321, "4.5.3.1.3"),
)
MAIL_ONCE = MAIL.rule(
    "once",
    "メールは一つの処理が順に送ります。サーバーが止まっている間は待ち、なくなりません。",
    "Mail is sent by one process. While the server is down it waits, and none is lost.",
    rfc(5321, "4.5.4.1"),
)

MAIL_LINKS = MAIL.rule(
    "links",
    "メールのリンクには署名があり、確認のためのものは48時間で使えなくなります。止めるためのリンクは、サインインなしで"
    "一度だけ働きます。",
    "Links in mails are signed. One that confirms something works for 48 hours; one by which notices are "
    "stopped works once, without signing in.",
    rfc(8058),
)

SENT = Topic("sent-in", "申出と意見のフォーム", "Forms for everybody")
SENT_IN = SENT.rule(
    "confirmed",
    "フォームから送られたものは、送った人がメールで確かめ、職員が見てから記録に入ります。それまではだれにも公開しません。"
    "確かめられなかったものは48時間で消えます。",
    "What is sent by a form gets into the record once whoever sent it has confirmed it by mail and a clerk "
    "has looked. Until then it is shown to nobody. What is not confirmed is deleted after 48 hours.",
)
