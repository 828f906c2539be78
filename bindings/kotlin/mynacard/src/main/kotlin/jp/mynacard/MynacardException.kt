// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

/**
 * A failure, sealed by who must act. What is to be expected, such as a wrong number or a refused consent, is a value and
 * not an exception. Nothing that was given or read is in it, so that it may be logged.
 */
public sealed class MynacardException(
    /** The row of the error table. */
    public val fault: Fault,
) : Exception(fault.toString()) {
    /** The stable code. */
    public val code: Int get() = fault.code

    /** What kind of thing went wrong. */
    public val kind: FaultKind get() = fault.kind

    /** What to tell the person, in Japanese. */
    public val adviceJa: String get() = fault.adviceJa

    /** What to tell the person, in English. */
    public val adviceEn: String get() = fault.adviceEn

    /** The ambulance crew (救急隊員) can act, now: show them the advice. */
    public class Crew internal constructor(fault: Fault) : MynacardException(fault)

    /** Only the card's holder can act, at a municipal office. */
    public class Holder internal constructor(fault: Fault) : MynacardException(fault)

    /** Whoever wrote the calling program must act: a defect. */
    public class Integrator internal constructor(fault: Fault) : MynacardException(fault)

    /** Whoever runs the tablet must act. */
    public class Operator internal constructor(fault: Fault) : MynacardException(fault)

    public companion object {
        /** The exception for a fault. */
        public fun of(fault: Fault): MynacardException = when (fault.actor) {
            Actor.CREW -> Crew(fault)
            Actor.HOLDER -> Holder(fault)
            Actor.INTEGRATOR -> Integrator(fault)
            Actor.OPERATOR -> Operator(fault)
        }

        internal fun of(code: FaultCode): MynacardException = of(Fault.of(code))
    }
}
