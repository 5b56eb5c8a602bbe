it('passes', () => {});
it('fails', () => { throw new Error('x'); });
it('pending');
it.skip('skipped', () => {});
