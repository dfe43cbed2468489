/** What a consumer holds where, and since when. */
import type { Holdings } from "../../model/happening.ts";
import { amount, exactAmount } from "../../model/units.ts";
import { ProviderLink, When } from "../../parts/links.tsx";

interface Props {
  readonly holdings: Holdings;
  /** By provider. */
  readonly since: ReadonlyMap<string, string>;
}

export function HoldingsTable({ holdings, since }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard
    <section class="scrolls" tabIndex={0} aria-label="What it holds">
      <table>
        <thead>
          <tr>
            <th scope="col">Provider</th>
            <th scope="col">Holds</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(holdings).map(([provider, resources]) => (
            <tr key={provider}>
              <th scope="row">
                <ProviderLink uuid={provider} />
              </th>
              <td>
                {Object.entries(resources).map(([name, value]) => (
                  <span key={name} class="amount" title={exactAmount(name, value)}>
                    {`${amount(name, value)} ${name} `}
                  </span>
                ))}
              </td>
              <td>
                {since.has(provider) ? (
                  <When time={since.get(provider)} />
                ) : (
                  "before its history begins"
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
