"""Questions as they are spoken: fillers, repeats, no punctuation."""
import re

EN = ["Okay.", "OK, so", "Right.", "Um,", "So, um,", "And", "And, er,", "Sure.", "Yeah, okay.", "I see.", "Alright, and", "Okay, great. And", "Mm-hm.", "Just to check,", "Uh, and", "Fine."]
MIDDLE = ["um", "uh", "er", "you know", "like", "sort of", "I mean"]
END = ["at all", "or", "or anything like that", "as well", "then", "would you say"]
ZH = ["嗯，", "好的，", "那", "那个", "然后", "哦，", "行，", "那您", "嗯嗯，那", "好，那", "我再问一下，", "还有，", "是这样，"]
ZH_END = ["啊", "呢", "吗", "没有", "什么的", "之类的"]


def spoken(text, chinese, dice):
    """`text` as somebody might say it; `dice` decides how."""
    return _spoken_chinese(text, dice) if chinese else _spoken_english(text, dice)


def _spoken_chinese(text, dice):
    if dice.random() < 0.5:
        text = re.sub("[，。？！]", lambda _: dice.choice(["", "，", " "]), text)
    if dice.random() < 0.8:
        text = dice.choice(ZH) + text
    if dice.random() < 0.3:
        at = dice.randrange(1, max(2, len(text) - 1))
        text = text[:at] + dice.choice(["，嗯，", "那个", "就是", text[max(0, at - 1) : at]]) + text[at:]
    if dice.random() < 0.3:
        text = text.rstrip("？。") + dice.choice(ZH_END)
    return text


def _spoken_english(text, dice):
    words = text.split()
    if dice.random() < 0.5:
        words = [re.sub("[,.?!]", "", word) for word in words]
    if dice.random() < 0.4:
        at = dice.randrange(len(words))
        words = words[:at] + [dice.choice(MIDDLE) + dice.choice([",", ""])] + words[at:]
    if dice.random() < 0.3:
        at = dice.randrange(min(4, len(words)))
        words = words[: at + 1] + words[max(0, at - 1) :]
    if dice.random() < 0.25:
        words = words + [dice.choice(END)]
    text = " ".join(words)
    if dice.random() < 0.8:
        text = dice.choice(EN) + " " + (text[0].lower() + text[1:] if dice.random() < 0.8 else text)
    return text
