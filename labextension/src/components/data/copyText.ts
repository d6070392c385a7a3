import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';

/** Copies text and says so. */
export function copyText(host: Pick<IViewHost, 'notify'>, text: string, what: string): void {
  navigator.clipboard.writeText(text).then(
    () => host.notify('info', trans.__('Copied %1.', what)),
    () => host.notify('error', trans.__('The browser did not allow copying.'))
  );
}
