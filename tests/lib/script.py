"""How the scripted receiver is told what to answer.

    default=200; user:u1=429x1(retry-after=1),200; path:/hang=hang

Rules are separated by ';'. A rule is WHO=ANSWERS; of the rules that fit a request the
most particular one counts: path and user, then path, then user, then default. Each WHO
has a sequence of its own; its last answer is repeated for ever.

    WHO      default | user:ID | path:/PATH | path:/PATH user:ID
    ANSWER   KIND [xTIMES] [(OPTION=VALUE OPTION=VALUE ...)]
    KIND     a status | hang | held | reset | close | garbage
    OPTION   any response header; body=TEXT, size=BYTES of body, delay=MS before answering;
             quoted as in a shell where it has spaces

    hang     never answers, until the other side goes away
    held     answers 200 (or status=N) once release() is called
    reset    sends half an answer, then resets the connection
    close    closes the connection without an answer
    garbage  answers what is not HTTP
"""
import re
import shlex

KINDS = ("hang", "held", "reset", "close", "garbage")


class Answer:
    def __init__(self, kind="200", headers=None, body=b"", delay_ms=0):
        self.kind = kind
        self.status = int(kind) if kind.isdigit() else 200
        self.headers = headers or {}
        self.body = body
        self.delay_ms = delay_ms


def parse_answer(text):
    """One ANSWER; returns how often, and the Answer."""
    m = re.fullmatch(r"\s*([a-z]+|[1-5]\d\d)(?:x(\d+))?(?:\((.*)\))?\s*", text, re.S)
    if not m or not (m[1].isdigit() or m[1] in KINDS):
        raise ValueError("not an answer: %r" % text)
    answer = Answer(m[1])
    for option in shlex.split(m[3] or ""):
        name, _, value = option.partition("=")
        name = name.lower()
        if name == "delay":
            answer.delay_ms = int(value)
        elif name == "size":
            answer.body = b"x" * int(value)
        elif name == "body":
            answer.body = value.encode()
        elif name == "status":
            answer.status = int(value)
        else:
            answer.headers[name] = value
    return int(m[2] or 1), answer


def split(text, mark):
    """Splits at mark, but not inside parentheses."""
    return [p for p in re.split(re.escape(mark) + r"(?![^()]*\))", text) if p.strip()]


class Script:
    def __init__(self, text="default=200"):
        self.rules = {}                # (path or None, user or None) -> [[times, Answer]]
        self.add("default=200")
        self.add(text)

    def add(self, text):
        """Adds or replaces rules; a replaced one begins anew."""
        for rule in split(text, ";"):
            who, _, answers = rule.strip().partition("=")
            self.rules[self._who(who)] = [list(parse_answer(a)) for a in split(answers, ",")]

    @staticmethod
    def _who(text):
        path = user = None
        for word in text.split():
            if word.startswith("path:"):
                path = word[5:]
            elif word.startswith("user:"):
                user = word[5:]
            elif word != "default":
                raise ValueError("whom does %r mean?" % word)
        return path, user

    def next(self, path, user):
        for who in ((path, user), (path, None), (None, user), (None, None)):
            steps = self.rules.get(who)
            if steps:
                times, answer = steps[0]
                if len(steps) > 1:
                    if times <= 1:
                        steps.pop(0)
                    else:
                        steps[0][0] = times - 1
                return answer
        raise AssertionError("a script always has a default")
