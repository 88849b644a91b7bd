"""The rules of the service itself: accounts, files, HTTP, and how it is set up."""

from __future__ import annotations

from domain.rules.rule import Source, Topic
from domain.rules.sources import rfc

HTTP = Topic("http", "データと HTTP", "Data and HTTP")
NOTHING_THERE = HTTP.rule(
    "nothing-there",
    "何もないアドレスには、見つからないと答えます（404）。",
    "An address with nothing there answers that nothing was found (404).",
    rfc(9110, "15.5.5"),
)
METHOD = HTTP.rule(
    "method",
    "使えないメソッドには、使えるものを示して断ります（405）。",
    "A method that an address does not take is refused, with those that it takes (405).",
    rfc(9110, "15.5.6"),
)
MEDIA_TYPE = HTTP.rule(
    "media-type",
    "本文は application/json で送ります（違えば 415）。",
    "A body is sent as application/json; anything else is refused (415).",
    rfc(9110, "15.5.16"),
)
OTHER_ERRORS = HTTP.rule(
    "other-errors",
    "処理できない要求には、HTTP の状態コードで答えます。",
    "A request that cannot be handled is answered with the status code of HTTP.",
    rfc(9110, "15"),
)
FAULT = HTTP.rule(
    "fault",
    "サービス側の問題は、要求した人の誤りとは区別して知らせます（500）。",
    "A fault of the service is told apart from a mistake of whoever asked (500).",
    rfc(9110, "15.6.1"),
)
UNAVAILABLE = HTTP.rule(
    "unavailable",
    "一時的に使えないときは、そのことと、後で試せることを知らせます（503）。",
    "What cannot be used for the moment says so, and that it may be tried again (503).",
    rfc(9110, "15.6.4"),
)
SEVERAL = HTTP.rule(
    "several-mistakes",
    "入力の誤りは、一度にまとめて、それぞれの場所とともに知らせます。",
    "Mistakes in the input are told all at once, each with its place.",
    rfc(9457),
)
BODY_LIMIT = HTTP.rule(
    "body-limit",
    "一度に送れる量には上限があります。長い資料は文書のファイルとして送ります。",
    "What is sent at once has a limit; long material is sent as the file of a document.",
    rfc(9110, "15.5.14"),
)
DEADLINES = HTTP.rule(
    "deadlines",
    "要求の頭と本文には、届くまでの時間と量の上限があります（408・413・414・431）。",
    "A request's head and body have limits, in the time they take to arrive and in their size "
    "(408, 413, 414, 431).",
    rfc(9110, "15.5.9"),
)
RATES = HTTP.rule(
    "rates",
    "検索、過去の時点、表、行ごとの出来事（NDJSON）、経緯の PROV の取得には、接続元または利用者ごとに、"
    "一定時間の回数の上限があります（429）。",
    "Searches, past days, tables, events as lines (NDJSON) and trails as PROV are limited in number for a "
    "network or an account in a time (429).",
    rfc(6585, "4"),
)
MALFORMED = HTTP.rule(
    "malformed",
    "HTTP の形になっていない要求は、読まずに断ります（400）。",
    "What is not in the form of HTTP is refused without being read further (400).",
    rfc(9112, "3"),
)
UTF8 = HTTP.rule("utf-8", "JSON は UTF-8 で送ります。", "JSON is sent as UTF-8.", rfc(8259, "8.1"))
JSON = HTTP.rule("json", "本文は正しい JSON でなければなりません。", "A body is well-formed JSON.", rfc(8259))
JSON_NUMBERS = HTTP.rule(
    "json-numbers",
    "数は JSON の数として書きます。無限大や非数は使えません。",
    "Numbers are JSON numbers; there is no infinity and nothing that is not a number.",
    rfc(8259, "6"),
    rfc(7493, "2.2"),
)
JSON_NAMES = HTTP.rule(
    "json-names",
    "一つのオブジェクトの中で、同じ項目名は一度だけ使います。",
    "A name stands once in an object.",
    rfc(7493, "2.3"),
)
JSON_DEPTH = HTTP.rule(
    "json-depth",
    "JSON の入れ子の深さには上限があります。",
    "JSON is nested to a limited depth.",
    rfc(8259, "9"),
)
_COMMANDS = Source("API の説明", "the API's description", "/api/docs")
DECLARED_FIELDS = HTTP.rule(
    "fields",
    "送れる項目は、操作ごとに決まったものだけです。知らない項目は読み飛ばさず、断ります。",
    "Each command takes the fields it declares; one that it does not know is refused, not passed over.",
    _COMMANDS,
)
FIELD_TYPES = HTTP.rule(
    "field-types",
    "必須の項目は省けず、値の型と選べる値は決まっています。違う型の値を変換することはありません。",
    "Required fields are given, values have the type and the choices declared, and nothing is converted.",
    _COMMANDS,
)
CONDITIONAL_HEADERS = HTTP.rule(
    "headers",
    "If-Match には引用符で囲んだ版を、Idempotency-Key には255字までの鍵を書きます。",
    "If-Match holds a version in quotation marks, Idempotency-Key a key of at most 255 characters.",
    rfc(9110, "13.1.1"),
    rfc(9651),
)
EVENT_FORMATS = HTTP.rule(
    "event-formats",
    "出来事の一覧は、決まった形式のどれかで受け取れます。",
    "The list of events comes in one of a few formats.",
    _COMMANDS,
)
WAITING = HTTP.rule(
    "waiting",
    "新しい出来事を待つ時間は、秒の整数で、上限があります。",
    "How long to wait for new events is a whole number of seconds, up to a limit.",
    _COMMANDS,
)

ATTACHMENTS = Topic("attachments", "文書のファイル", "Files of documents")
ONE_FILE = ATTACHMENTS.rule(
    "one-file",
    "一つの文書には一つのファイルを送ります。空のファイルは受け付けません。",
    "A document has one file, which is not empty.",
)
SIZE = ATTACHMENTS.rule(
    "size",
    "ファイルの大きさには、設定で決まった上限があります。",
    "A file is at most as large as the service is set up to take.",
)
KNOWN_TYPES = ATTACHMENTS.rule(
    "types",
    "保管できるのは、決まった種類のファイルです。種類は、名前ではなく中身で見分けます。",
    "Files of certain types are kept; what a file is, its content tells, not its name.",
)
NAMED_RIGHTLY = ATTACHMENTS.rule(
    "names",
    "ファイルの名前や形式は、中身と一致しなければなりません。",
    "A file is what its name and its type say.",
)
SHEETS = ATTACHMENTS.rule(
    "sheets",
    "表は、Excel ブック（.xlsx）・CSV・貼り付けた文字から読みます。隠れたシートは読まず、あることを"
    "知らせます。計算式は、残っている値を読みます。読めないところは、セルの番地で知らせます。",
    "A sheet is read from an Excel workbook (.xlsx), from CSV or from pasted text. Hidden sheets are not "
    "read, and it is told that they are there; of a formula the stored value is read; what cannot be read is "
    "told by its cell.",
)
DOES_NOTHING = ATTACHMENTS.rule(
    "macros",
    "開いただけで何かを実行するファイル（マクロ付きなど）は保管しません。",
    "A file that does something by itself, such as one with macros, is not kept.",
)
READABLE_LATER = ATTACHMENTS.rule(
    "readable",
    "記録したものは後からも読めなければなりません。パスワードの付いたファイルは保管しません。",
    "What is on record can be read later: files protected by a password are not kept.",
)
ALL_PRESENT = ATTACHMENTS.rule(
    "present",
    "内容が記録された文書のファイルは、すべて保管場所にあるはずのものです。",
    "Every file whose content is on record is where files are kept.",
)

ACCOUNTS = Topic("accounts", "アカウントとサインイン", "Accounts and sign-in")
USER_NAME = ACCOUNTS.rule(
    "user-name",
    "利用者名は英小文字・数字・記号（. _ -）の2〜60字で、一人に一つです。",
    "A user name is 2 to 60 lower-case letters, digits or . _ -, and belongs to one account.",
)
PASSWORD = ACCOUNTS.rule(
    "password",
    "パスワードに求めるのは長さだけで、文字の種類は問いません。",
    "A password has to be long; no kinds of characters are asked for.",
    Source("NIST SP 800-63B", "NIST SP 800-63B", "https://pages.nist.gov/800-63-3/sp800-63b.html"),
)
TOKEN = ACCOUNTS.rule(
    "token",
    "トークンは、取り消されるか期限（作るときに決め、ふつうは90日）が来るまで有効です。新しいパスワードを設定する"
    "か、アカウントの利用を止めると終わります。機械のためのトークンは、パスワードのない専用のアカウントで作ります。"
    "範囲を決めて作ったものは、その範囲でだけ使えます。",
    "A token is valid until it is revoked or expires (when is said as it is made, usually after 90 days). It "
    "ends with its account, and with a new password of it: a machine has an account of its own, without one. "
    "One that was made for less than everything is good for that alone.",
    rfc(6750, "3.1"),
)
SESSION = ACCOUNTS.rule(
    "session",
    "サインインは、サインアウト、新しいパスワード、本人か管理者の操作で終わります。しばらく使わないとき、また長く"
    "ても一日の仕事の長さで、自動的に終わります。終わったサインインの写しは、どこでも使えません。",
    "A session ends at sign-out, with a new password, or when its owner or an administrator ends it; by "
    "itself after a while without use, and after a day's work at the latest. Copies of one that has ended "
    "work nowhere.",
    Source("NIST SP 800-63B", "NIST SP 800-63B", "https://pages.nist.gov/800-63-3/sp800-63b.html"),
)
SECOND_FACTOR = ACCOUNTS.rule(
    "second-factor",
    "パスキーか確認コードのアプリを設定したアカウントには、パスワードだけではサインインできません。市の設定により、"
    "事務局の役割を持つアカウントには必ずどちらかを求めます。コードは一つにつき一度だけ使えます。",
    "An account with a passkey or an authenticator app is not opened by a password alone. A city may ask for "
    "one of them of every account that holds a role of the office. Each code is good once.",
    Source("NIST SP 800-63B", "NIST SP 800-63B", "https://pages.nist.gov/800-63-3/sp800-63b.html"),
    rfc(6238, "5.2"),
)
DIRECTORY = ACCOUNTS.rule(
    "directory",
    "市の認証基盤（OpenID Connect）で確認された人は、その基盤が示す本人のアカウントでサインインします。一つの"
    "アカウントを開けるのは、それぞれの基盤で一人だけです。",
    "Whoever the city's directory (OpenID Connect) knows signs in to the account that it says is theirs. One "
    "person of each directory opens an account, and nobody else of it.",
    Source(
        "OpenID Connect Core 1.0",
        "OpenID Connect Core 1.0",
        "https://openid.net/specs/openid-connect-core-1_0.html",
    ),
)
PROXY = ACCOUNTS.rule(
    "proxy",
    "代理サーバーが示す利用者名は、設定にあるアドレスの代理サーバーから届いたときだけ信じます。",
    "The user name that a proxy says is believed from the address in the settings, and from nowhere else.",
)
ADMINISTERED = ACCOUNTS.rule(
    "administered",
    "アカウントは、すべての会議について事務局の役割を持つ人が管理します。自分の役割は自分では変えられません。",
    "Accounts are administered by who holds the role of the secretariat for every council; nobody changes "
    "their own roles.",
)
FORM = ACCOUNTS.rule(
    "form",
    "フォームは、このサイトで開いたものだけを受け付けます。",
    "A form is accepted only from a page of this site.",
    Source(
        "OWASP（クロスサイトリクエストフォージェリ）",
        "OWASP: cross-site request forgery",
        "https://owasp.org/www-community/attacks/csrf",
    ),
)
LINK = ACCOUNTS.rule(
    "link",
    "サインイン用リンクと招待は一度だけ、期限まで（リンクは24時間、招待は設定の日数）使えます。",
    "A sign-in link and an invitation work once, and for a time: a link for 24 hours, an invitation for as "
    "many days as the service is set up for.",
)
SHEET_LINK = ACCOUNTS.rule(
    "sheet-link",
    "評価シートの市民側のリンクは、一度だけ、開いたブラウザーだけで、期限まで使えます。新しいリンクを作ると前のリンクは"
    "終わります。",
    "The link for the citizens' side of an evaluation sheet works once, in the browser that opens it, and "
    "for a time. With a new link the one before ends.",
)
ATTEMPTS = ACCOUNTS.rule(
    "attempts",
    "サインインの失敗が続くと、次を受け付けるまでの時間が少しずつ延びます。締め出されることはなく、前に"
    "サインインしたことのあるブラウザーでは、ほかの人の失敗のために待つことはありません。",
    "After failed sign-ins it takes longer and longer until the next is looked at. Nobody is locked out, and "
    "in a browser in which they have signed in before nobody waits for the failures of others.",
    Source(
        "OWASP（端末の Cookie）",
        "OWASP: device cookies",
        "https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies",
    ),
)

SETTINGS = Topic("settings", "設定と準備", "Settings and preparation")
SETTING = SETTINGS.rule(
    "values",
    "設定は起動時に環境変数から読みます。読めない設定があれば、その名前を示して起動しません。",
    "Settings are read from the environment at the start; one that cannot be read is named, and nothing "
    "starts.",
)
CREATED_ONCE = SETTINGS.rule(
    "created",
    "記録の表は、管理者の操作（kyodo init）で作ります。動いているサービスが勝手に作ることはありません。",
    "The tables of a record are made by one command of the administrator, kyodo init, never by the service "
    "while it runs.",
)

DRAFTS = SETTINGS.rule(
    "drafts",
    "下書きは記録ではありません。保存から30日たつと、知らせたうえで消えます。ほかの人が先に保存していれば、"
    "上書きせずに両方を示します。",
    "A draft is no record. After 30 days it goes, and says so before. Where somebody else has saved since, "
    "nothing is overwritten and both are shown.",
)

ASKED = SETTINGS.rule(
    "asked",
    "画面に打った文字は、そのまま残ります。読み取れないとき、二通りに読めるときは、推測せずに尋ねます。",
    "What is typed on a screen stays as it is. What cannot be read, or can be read in two ways, is asked and "
    "never guessed.",
)

DOCUMENTATION = SETTINGS.rule(
    "documentation",
    "説明書のうち宣言から作る部分は、ソースコードの置き場で書き出します。",
    "The pages of the documentation that are made from declarations are written where the source code is.",
)

TRANSLATING = Topic("translating", "翻訳", "Translating")
CATALOGUE = TRANSLATING.rule(
    "catalogue",
    "ほかの言語の文は、GNU gettext の PO ファイルで出し入れします。"
    "文の中の差し込み（{…}）はそのまま残します。",
    "Sentences of further languages go out and come back in PO files of GNU gettext; what stands in braces "
    "in a sentence stays.",
    Source(
        "GNU gettext（PO ファイル）",
        "GNU gettext: PO files",
        "https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html",
    ),
)

FORMS = Topic("forms", "事務局のフォーム", "Forms of the office")
NAMES_CHOSEN = FORMS.rule(
    "names-chosen",
    "記録にあるものは、名前で一つを選びます。",
    "What is on record is chosen by its name, one thing and no other.",
)
