"""What the form library says in English, said in Chinese by what to do."""

from __future__ import annotations

from hosting.runtime.language import N_

WORDING: dict[str, str] = {
    "This field is required.": N_("请填写此项"),
    "Invalid input.": N_("请按要求的格式填写"),
    "Field must be equal to %(other_name)s.": N_("两次填写的内容不一致，请重新填写"),
    "Field must be at least %(min)d character long.": N_("至少填写 %(min)d 个字符"),
    "Field cannot be longer than %(max)d character.": N_("最多填写 %(max)d 个字符，请删减"),
    "Field must be exactly %(max)d character long.": N_("应为 %(max)d 个字符"),
    "Field must be between %(min)d and %(max)d characters long.": N_(
        "应为 %(min)d 至 %(max)d 个字符"
    ),
    "Number must be at least %(min)s.": N_("应不小于 %(min)s"),
    "Number must be at most %(max)s.": N_("应不大于 %(max)s"),
    "Number must be between %(min)s and %(max)s.": N_("应在 %(min)s 与 %(max)s 之间"),
    "Invalid email address.": N_("请填写完整的邮箱地址，如 name@example.gov.cn"),
    "Invalid URL.": N_("请填写完整的网址，以 https:// 或 http:// 开头"),
    "Invalid IP address.": N_("请填写正确的 IP 地址"),
    "Not a valid choice.": N_("请从列表中选择一项"),
    "Invalid Choice: could not coerce.": N_("请从列表中选择一项"),
    "Invalid choice(s): one or more data inputs could not be coerced.": N_("请从列表中选择"),
    "'%(value)s' is not a valid choice for this field.": N_("列表中没有“%(value)s”，请重新选择"),
    "Not a valid datetime value.": N_("请填写正确的日期和时间，如 2024-05-01 09:00"),
    "Not a valid date value.": N_("请填写正确的日期，如 2024-05-01"),
    "Not a valid time value.": N_("请填写正确的时间，如 09:00"),
    "Not a valid integer value.": N_("请填写整数"),
    "Not a valid decimal value.": N_("请填写数字"),
    "Not a valid float value.": N_("请填写数字"),
    "The CSRF token is missing.": N_("页面已过期，请重新提交；您填写的内容还在"),
    "The CSRF session token is missing.": N_("页面已过期，请重新提交；您填写的内容还在"),
    "The CSRF token has expired.": N_("页面已过期，请重新提交；您填写的内容还在"),
    "The CSRF token is invalid.": N_("页面已过期，请重新提交；您填写的内容还在"),
    "The CSRF tokens do not match.": N_("页面已过期，请重新提交；您填写的内容还在"),
}
