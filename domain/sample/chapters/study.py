"""A chapter about a collaboration centre: its questions, answers taken back, a report and what came of it."""

from __future__ import annotations

from typing import Any

QUESTIONS = (
    ("necessity", "なぜ必要か"),
    ("functions", "どんな機能を持つか"),
    ("location", "どこに置くか"),
    ("operation", "だれが運営するか"),
)


def a_centre_is_studied(story: Any, tag: str) -> None:
    """A study that needs a second report, and leaves one question open."""
    study = f"study-{tag}-centre"

    def do(role: str, command: str, **arguments: Any) -> None:
        story.do(role, "CenterStudy", study, command, **arguments)

    about = {"council_id": story.COUNCIL, "measure_id": "measure-1", "fiscal_year": story.fiscal_year()}
    do("SEC", "commission", **about, aim_ja="市民活動の拠点のあり方（架空）", due=story.on(200))
    for order, (question, text) in enumerate(QUESTIONS, 1):
        do("LDR", "open_question", question=question, text=f"{text}。（架空）", order=order)
    do("LDR", "start")
    do("LDR", "open_question", question="other", text="愛称をどうするか。（架空）", order=5)
    for question, text in QUESTIONS:
        finding = {
            "finding_id": f"f-{question}",
            "question": question,
            "text": f"{text}について聞き取った。（架空）",
        }
        do("MEM", "record_finding", **finding)
    option = {"option_id": "o-station", "question": "location", "label": "駅前の空き店舗（架空）"}
    attributes = [{"name": "面積", "value": "160㎡"}]
    do("MEM", "add_option", **option, attrs=attributes)
    do(
        "ADV",
        "assess_option",
        option_id="o-station",
        criterion="行きやすさ",
        text="高齢の人も歩いて行ける。（架空）",
    )
    do(
        "LDR",
        "answer_question",
        question="necessity",
        answer="要る",
        needed=True,
        reason="場がないため（架空）",
    )
    do(
        "LDR",
        "answer_provisionally",
        question="functions",
        answer="相談と交流",
        reason="聞き取りの途中のため",
    )
    do("LDR", "answer_question", question="functions", answer="相談・交流・活動の場", reason="要望が多いため")
    do("LDR", "reopen_question", question="functions", reason="学生の意見を加えるため（架空）")
    do(
        "LDR",
        "answer_question",
        question="functions",
        answer="相談・交流・学びの場",
        reason="学生の意見による",
    )
    located = {
        "question": "location",
        "answer": "駅前",
        "option_ids": ["o-station"],
        "reason": "行きやすいため",
    }
    do("LDR", "answer_question", **located)
    do("LDR", "leave_question_open", question="operation", reason="費用の見込みが立たないため（架空）")
    do("LDR", "make_question_moot", question="other", reason="開設が決まってから考えるため")
    _reported(story, study, tag)


def _reported(story: Any, study: str, tag: str) -> None:
    def do(role: str, command: str, **arguments: Any) -> None:
        story.do(role, "CenterStudy", study, command, **arguments)

    document = f"doc-{tag}-study"
    story.document(document, "拠点のあり方 検討報告書（架空）", "report")
    do("LDR", "submit_report", v=1, document_id=document, to=story.COUNCIL)
    do("CHR", "return_report", reason="運営の選択肢を書き加えるため")
    do("LDR", "submit_report", v=2, document_id=document, to=story.COUNCIL)
    do("CHR", "adopt_report", matter_id=story.adopted_matter(f"matter-{tag}-study", "検討報告書の採択"))
    do("SEC", "transmit_report", to="org-aoba-city", on=story.on())
    do("SEC", "close", reason="報告を市に伝えたため（架空）")
