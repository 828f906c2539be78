// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard.example

import java.time.LocalDate
import jp.mynacard.Attributes
import jp.mynacard.CardFace
import jp.mynacard.NotUnderstood
import jp.mynacard.Reading
import jp.mynacard.Sex

/**
 * What a card says of its holder, for the screen, a line each; empty where nothing was read. A value that the card holds in a
 * form that nobody understands stands there as the card has it: 「生年月日 不詳(カードの記載 19850500)」. Personal.
 */
fun holderOf(reading: Reading): String {
    val text = reading.attributes().orNull()
    return reading.face().orNull()?.use { lines(text, it) } ?: lines(text, null)
}

private fun lines(text: Attributes?, face: CardFace?): String {
    val others = text?.notUnderstood.orEmpty() + face?.notUnderstood.orEmpty()
    return listOfNotNull(
        line("氏名", text?.name, "name", others),
        line("生年月日", (text?.birthDate ?: face?.birthDate)?.japanese(), "birth date", others),
        line("性別", (text?.sex ?: face?.sex)?.japanese(), "sex", others),
        line("住所", text?.address, "address", others),
        line("有効期限", face?.expiry?.japanese(), "expiry", others),
    ).joinToString("\n")
}

private fun line(label: String, value: String?, item: String, others: List<NotUnderstood>): String? {
    val shown = value ?: others.find { it.item.endsWith(" $item") }?.ja ?: return null
    return "$label $shown"
}

private fun LocalDate.japanese(): String = "${year}年${monthValue}月${dayOfMonth}日"

private fun Sex.japanese(): String = when (this) {
    Sex.UNKNOWN -> "不明"
    Sex.MALE -> "男"
    Sex.FEMALE -> "女"
    Sex.NOT_APPLICABLE -> "適用不能"
}
